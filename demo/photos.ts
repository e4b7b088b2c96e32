import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Person, Sex } from './people.js';

/** The smallest size allowed, which is also the stored size, so that nothing has to be resized. */
const SIZE = { width: 400, height: 576 };
/** The required background. */
const BLUE = '#4a90d9';
const SKIN = ['#f2cfae', '#e8bd97', '#f6dabd'];
const HAIR = ['#2a2523', '#3d3029', '#55504d'];
const CLOTHES = ['#27364a', '#7a3b3f', '#3f5b4a', '#4b4a57', '#8a6d3b', '#ece7dd'];

/** Hair around a face at (240, 250): the part behind the head, and the part over it. */
const HAIRCUTS: Readonly<Record<Sex, readonly { readonly behind: string; readonly over: string }[]>> = {
  男: [
    { behind: '', over: '<path d="M128 238q-6-126 112-126t112 126q-18-62-58-72-70 14-120 4-34 16-46 68z"/>' },
    { behind: '', over: '<path d="M126 246q-14-142 114-140 128-2 114 140-10-50-30-84-88 26-130-14-44 22-68 98z"/>' },
  ],
  女: [
    {
      behind: '<path d="M112 260q-8-158 128-158t128 158v150q-128 44-256 0z"/>',
      over: '<path d="M128 250q0-132 112-132t112 132q-26-70-112-84-86 14-112 84z"/>',
    },
    {
      behind: '<path d="M106 270q-10-168 134-168t134 168q8 70-22 96H128q-30-26-22-96z"/>',
      over: '<path d="M126 262q-2-140 114-140t114 140q-14-60-40-82-98 10-130-22-46 34-58 104z"/>',
    },
    {
      behind: '<circle cx="240" cy="98" r="44"/><path d="M118 250q0-140 122-140t122 140z"/>',
      over: '<path d="M126 256q0-140 114-140t114 140q-22-84-114-96-92 12-114 96z"/>',
    },
  ],
};

const COLLARS = [
  '<path d="M196 424l44 62 44-62 26 22-52 78h-36l-52-78z" fill="#fff"/>',
  '<path d="M198 426q42 58 84 0" fill="none" stroke="#fff" stroke-opacity=".45" stroke-width="10"/>',
  '',
];
const GLASSES =
  '<g fill="none" stroke="#3b3b40" stroke-width="6"><rect x="160" y="250" width="66" height="46" rx="18"/><rect x="254" y="250" width="66" height="46" rx="18"/><path d="M226 268h28"/></g>';

/** How many figures are drawn for each sex. */
const FIGURES = 12;

/** People born until this year have grey hair. */
const GREY_BEFORE = 1980;

/** The file of a figure that fits a person's sex and age. `number` tells people apart. */
export function photoOf({ sex, birth }: Pick<Person, 'sex' | 'birth'>, number: number): string {
  const isGrey = Number(birth.slice(0, 4)) < GREY_BEFORE;
  const figures = Array.from({ length: FIGURES }, (_, figure) => figure).filter((figure) => isGreyFigure(figure) === isGrey);
  return photoFile(sex, nth(figures, number));
}

function isGreyFigure(number: number): boolean {
  return hairOf(number) === HAIR.at(-1);
}

function hairOf(number: number): string {
  return nth(HAIR, Math.floor(number / 2));
}

/** The file of a drawn figure, which shows nobody real. Candidates may share one. */
export function photoFile(sex: Sex, number: number): string {
  return `${sex === '男' ? 'm' : 'f'}${String(number % FIGURES).padStart(2, '0')}.jpg`;
}

/** Draws every figure into `photos/` of the folder. */
export async function drawPhotos(folder: string): Promise<void> {
  const photos = join(folder, 'photos');
  await mkdir(photos, { recursive: true });
  const figures = (['男', '女'] as const).flatMap((sex) => Array.from({ length: FIGURES }, (_, number) => ({ sex, number })));
  await Promise.all(
    figures.map(async ({ sex, number }) =>
      writeFile(
        join(photos, photoFile(sex, number)),
        await sharp(Buffer.from(figure(sex, number)))
          .jpeg({ quality: 82 })
          .toBuffer(),
      ),
    ),
  );
}

/** Head and shoulders without a face; figures differ in hair, clothes, collar and glasses. */
function figure(sex: Sex, number: number): string {
  const { behind, over } = nth(HAIRCUTS[sex], number);
  const hair = hairOf(number);
  const skin = nth(SKIN, number);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="18 0 444 640" width="${SIZE.width}" height="${SIZE.height}">
    <rect width="480" height="640" fill="${BLUE}"/>
    <g fill="${hair}">${behind}</g>
    <path d="M40 640q0-150 130-186l70-24 70 24q130 36 130 186z" fill="${nth(CLOTHES, number * 5 + (sex === '男' ? 0 : 1))}"/>
    <path d="M196 360h88v74q-44 56-88 0z" fill="${skin}"/><path d="M196 380q44 40 88 0v24q-44 36-88 0z" fill-opacity=".12"/>
    ${nth(COLLARS, Math.floor(number / 3))}
    <path d="M132 240q0-112 108-112t108 112q0 150-108 164-108-14-108-164z" fill="${skin}"/>
    <g fill="${hair}">${over}</g>
    ${number % 4 === 3 ? GLASSES : ''}
  </svg>`;
}

function nth<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new Error('nothing to draw');
  return item;
}
